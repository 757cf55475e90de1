/** A profile `on-call` whose role asks for a code of a multi-factor device. */
export const MFA_ROLE = `[profile base]
aws_access_key_id = AKIADEMOADMIN0000000
aws_secret_access_key = demo
[profile on-call]
role_arn = arn:aws:iam::123456789012:role/OnCall
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/jane
`;

/** The fault of every code. */
export const WRONG_CODE = {
  service: 'sts',
  operation: 'AssumeRole',
  fault: {
    kind: 'error',
    status: 403,
    code: 'AccessDenied',
    message: 'MultiFactorAuthentication failed with invalid MFA one time pass code.',
  },
};
