import { AwsError } from '../service.ts';
import { readParameters } from './parameters.ts';
import type { Protocol } from './protocol.ts';
import { readAction, readForm } from './query.ts';
import { content, element, escapeXml } from './xml.ts';

const HEADERS = { 'content-type': 'text/xml;charset=UTF-8' };
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** EC2's own query protocol: lists of `<item>`, the output directly below the response, errors in a list. */
export const ec2Query: Protocol = {
  read(request, shape) {
    const form = readForm(request);
    const operation = readAction(form);
    const version = form.get('Version') ?? '';
    if (version === '') throw new AwsError('MissingParameter', 'The request must contain the parameter Version');
    if (version !== shape.version) {
      throw new AwsError('NoSuchVersion', `The requested version (${version}) is not valid`);
    }
    return { operation, input: readParameters(form) };
  },

  unknown: (operation) => new AwsError('InvalidAction', `The action ${operation} is not valid for this web service.`),

  answer: (output, operation, id, shape) => ({
    status: 200,
    headers: { ...HEADERS, 'x-amzn-requestid': id },
    body: `${DECLARATION}<${operation}Response xmlns="${shape.namespace}"><requestId>${id}</requestId>${content(output, 'item')}</${operation}Response>`,
  }),

  fail(error, id) {
    const inner = element('Error', { Code: error.code, Message: error.message, ...error.members }, 'item');
    return {
      status: error.status,
      headers: { ...HEADERS, 'x-amzn-requestid': id },
      body: `${DECLARATION}<Response><Errors>${inner}</Errors><RequestID>${escapeXml(id)}</RequestID></Response>`,
    };
  },
};
