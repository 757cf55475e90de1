import { AwsError } from '../service.ts';
import { readParameters } from './parameters.ts';
import type { Protocol, ProtocolRequest, ServiceShape } from './protocol.ts';
import { content, element } from './xml.ts';

const HEADERS = { 'content-type': 'text/xml' };

/** The form of a POST or the query of a GET. */
export function readForm(request: ProtocolRequest): URLSearchParams {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return form ? new URLSearchParams(request.body.toString('utf8')) : request.query;
}

/** The `Action` of a form, checked with its `Version`. */
export function readAction(form: URLSearchParams): string {
  const operation = form.get('Action');
  if (operation === null || operation === '') {
    throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  }
  return operation;
}

/** AWS Query (STS, IAM): form in, XML out. */
export const query: Protocol = {
  read(request, shape) {
    const form = readForm(request);
    const operation = readAction(form);
    const version = form.get('Version') ?? '';
    if (version !== shape.version) throw invalidAction(operation, version);
    return { operation, input: readParameters(form) };
  },

  unknown: (operation, shape) => invalidAction(operation, shape.version ?? ''),

  answer(output, operation, id, shape) {
    const result = output === undefined ? '' : `<${operation}Result>${content(output, 'member')}</${operation}Result>`;
    const metadata = element('ResponseMetadata', { RequestId: id }, 'member');
    return {
      status: 200,
      headers: { ...HEADERS, 'x-amzn-requestid': id },
      body: `<${operation}Response xmlns="${shape.namespace}">${result}${metadata}</${operation}Response>`,
    };
  },

  fail(error, id, shape: ServiceShape) {
    const type = error.status >= 500 ? 'Receiver' : 'Sender';
    const body = element('Error', { Type: type, Code: error.code, Message: error.message, ...error.members }, 'member');
    return {
      status: error.status,
      headers: { ...HEADERS, 'x-amzn-requestid': id },
      body: `<ErrorResponse xmlns="${shape.namespace}">${body}${element('RequestId', id, 'member')}</ErrorResponse>`,
    };
  },
};

function invalidAction(operation: string, version: string): AwsError {
  return new AwsError(
    'InvalidAction',
    `Could not find operation ${operation} for version ${version || 'NO_VERSION_SPECIFIED'}`,
  );
}
