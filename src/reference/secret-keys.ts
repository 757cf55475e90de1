/**
 * Keys whose values OpenMetadata's own models hold as secrets (fields of type CustomSecretStr), lower case.
 * Source: the generated models of openmetadata-ingestion 1.2.0 to 2.0.7.
 */
const SECRET_KEYS: ReadonlySet<string> = new Set(
  (
    'accessToken accessTokenPassword apiKey apiSecret authString awsSecretAccessKey awsSessionToken ' +
    'azureClientSecret basicAuthUserInfo botToken caCertValue caCertificate clientCertValue clientCertificateData ' +
    'clientKeyCertificateData clientSecret consumerSecret dbtCloudAuthToken idpX509Certificate jwt jwtToken ' +
    'keyStorePassword microsoftAppPassword password personalAccessToken personalAccessTokenSecret privateKey ' +
    'privateKeyPassphrase privateKeyValue proxyAuthentication rootCertificateData saslPassword secret ' +
    'secretAccessKey secretKey secretToken securityToken snowflakePrivatekeyPassphrase spPrivateKey ' +
    'spX509Certificate sslCertificate sslKey token userToken'
  )
    .toLowerCase()
    .split(' '),
);

/** Further names of secrets, in the free-form parts of a connection such as `consumerConfig` and `extraHeaders`. */
const SECRET_NAME =
  /pass(word|phrase|wd|code)?$|secret|token$|(private|access|api|account|shared|encryption|signing)[-_.]?key|credential|authorization|cookie|user\.?info$|connection[-_.]?string|license$|logdata$/i;

/** Named like a secret, and not one. */
const PLAIN_NAME = /^(secretsManager(Provider|Loader)|tokenType|includeTokens?)$/i;

/** A value that is a secret whatever its key: a JSON web token, a key in PEM, an AWS key, a URL with a password. */
const SECRET_VALUE = /^eyJ[\w-]+\.|-----BEGIN|\b(AKIA|ASIA)[A-Z0-9]{16}\b|:\/\/[^/@\s:]*:[^/@\s]+@/;

/** Whether what stands under a key of a workflow has to be kept secret, judged by the key's name. */
export function isSecretKey(key: string): boolean {
  if (SECRET_KEYS.has(key.toLowerCase())) return true;
  return SECRET_NAME.test(key) && !PLAIN_NAME.test(key);
}

/** Whether a text gives itself away as a secret. */
export function isSecretValue(text: string): boolean {
  return SECRET_VALUE.test(text);
}
