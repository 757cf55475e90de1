import type { StageResult } from './stages.ts';

/** What stands before each line that a probe's task prints, so that nothing else is taken for one. */
const MARK = 'mwaa-console-probe';

/** The variable with the logins to try: a list of libpq's keywords in JSON, from a secret and from nowhere else. */
export const LOGIN_VARIABLE = 'METADATA_DATABASE';

/** What the program is told as its argument; nothing secret. */
export interface ProgramArguments {
  readonly host: string;
  readonly port: number;
  readonly sslMode: string;
  readonly hostAddress?: string | undefined;
  /** Name of the environment whose Airflow is asked through InvokeRestApi, as the task's own role. */
  readonly environment?: string | undefined;
  readonly region: string;
}

/**
 * The command of a probe's task: the ingestion image's own Python, which has psycopg2 and boto3 beside the standard
 * library. It prints a line of JSON for each stage and never a secret.
 */
export function probeCommand(told: ProgramArguments): string[] {
  return ['python', '-c', PROGRAM, JSON.stringify(told)];
}

const PROGRAM = `
import json, os, socket, ssl, sys
told = json.loads(sys.argv[1])
logins = json.loads(os.environ.get("${LOGIN_VARIABLE}") or "[]")
def say(stage, state, detail, code=""):
    detail = str(detail).strip()
    for login in logins:
        detail = detail.replace(login["password"] or "***", "***")
    print("${MARK} " + json.dumps({"stage": stage, "state": state, "detail": detail, "code": code}), flush=True)
def code_of(error):
    if isinstance(error, (socket.timeout, TimeoutError)):
        return "ETIMEDOUT"
    import errno
    return errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
def words(error, stage, address):
    if code_of(error) != "ETIMEDOUT":
        return error
    if stage == "handshake":
        return "The port is open, but silent: no answer to PostgreSQL's first message within 5 s."
    return "%s port %s does not answer within 5 s." % (address, told["port"])
def reach():
    stage = "name"
    address = told.get("hostAddress")
    try:
        if not address:
            address = socket.getaddrinfo(told["host"], told["port"], type=socket.SOCK_STREAM)[0][4][0]
        say(stage, "ok", told["host"] + " is " + address)
        stage = "tcp"
        sock = socket.create_connection((address, told["port"]), timeout=5)
        say(stage, "ok", "connected to %s port %s" % (address, told["port"]))
        stage = "handshake"
        sock.sendall(b"\\x00\\x00\\x00\\x08\\x04\\xd2\\x16\\x2f")
        answer = sock.recv(24)
        if answer == b"N":
            goes = told["sslMode"] in ("disable", "allow", "prefer")
            say("tls", "ok" if goes else "failed", "the server has no TLS, sslmode is " + told["sslMode"], "NOTLS")
            sock.close()
            return goes
        if not answer:
            say(stage, "failed", "The connection is closed at PostgreSQL's first message.", "NOPOSTGRES")
            return False
        if answer != b"S":
            say(stage, "failed", "What listens there answers PostgreSQL's first message with %r." % answer, "NOPOSTGRES")
            return False
        stage = "tls"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(sock, server_hostname=told["host"]) as secure:
            say(stage, "ok", "%s, not verified" % secure.version())
        return True
    except Exception as error:
        say(stage, "failed", words(error, stage, address), code_of(error))
        return False
SAID = (("password authentication failed", "28P01"), ("pg_hba", "28000"), ("does not exist", "3D000"), ("connection slots", "53300"), ("too many connections", "53300"), ("is starting up", "57P03"), ("is shutting down", "57P03"))
def log_in(index):
    login = logins[index]
    stage = "login"
    try:
        import psycopg2
        connection = psycopg2.connect(connect_timeout=5, options="-c default_transaction_read_only=on -c statement_timeout=5000", application_name="mwaa-console probe", **login)
        say("handshake", "ok", "PostgreSQL %s" % connection.server_version)
        say(stage, "ok", login["user"] + " is in", str(index))
        stage = "schema"
        cursor = connection.cursor()
        cursor.execute("select version_num from alembic_version")
        row = cursor.fetchone()
        say(stage, "ok" if row else "failed", row[0] if row else "alembic_version is empty")
        connection.close()
    except Exception as error:
        text = str(error).strip()
        code = getattr(error, "pgcode", None) or next((code for said, code in SAID if said in text), type(error).__name__)
        if "FATAL:" in text:
            text = "PostgreSQL: " + text.split("FATAL:")[-1].strip().splitlines()[0] + "."
        if code == "28P01" and index + 1 < len(logins):
            return log_in(index + 1)
        say(stage, "failed", text, code)
def ask_airflow():
    try:
        import boto3
        answer = boto3.client("mwaa", region_name=told["region"]).invoke_rest_api(Name=told["environment"], Path="/dags", Method="GET", QueryParameters={"limit": "1"})
        found = answer["RestApiResponse"]
        found = json.loads(found) if isinstance(found, str) else found
        total = found.get("total_entries")
        say("rest", "ok", "%s %s" % (total, "DAG" if total == 1 else "DAGs"))
    except Exception as error:
        say("rest", "failed", error, type(error).__name__)
if told.get("environment"):
    ask_airflow()
if told.get("host") and reach() and logins:
    log_in(0)
say("end", "ok", "")
`.trim();

/** A stage that the task told of; `rest` is its call of InvokeRestApi, `end` its last word. */
export interface ToldStage {
  readonly stage: StageResult['stage'] | 'rest' | 'end';
  readonly state: 'ok' | 'failed';
  readonly detail: string;
  readonly code: string;
}

/** The stage that a log line tells of; undefined for any other line. */
export function toldStage(line: string): ToldStage | undefined {
  const at = line.indexOf(`${MARK} {`);
  if (at < 0) return undefined;
  try {
    const { stage, state, detail, code } = JSON.parse(line.slice(at + MARK.length + 1)) as Record<string, unknown>;
    if (typeof stage !== 'string' || (state !== 'ok' && state !== 'failed')) return undefined;
    return { stage: stage as ToldStage['stage'], state, detail: String(detail), code: String(code ?? '') };
  } catch {
    return undefined;
  }
}
