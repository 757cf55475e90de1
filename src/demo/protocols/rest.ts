import type { AwsError } from '../service.ts';
import { errorMembers } from './aws-json.ts';
import type { Protocol } from './protocol.ts';
import { content } from './xml.ts';

type Failing = Pick<Protocol, 'fail'>;

/** Errors of the REST-JSON protocol (MWAA): the code stands in `x-amzn-ErrorType`. */
export const restJson: Failing = {
  fail: (error, id, shape) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': id, 'x-amzn-errortype': error.code },
    body: JSON.stringify(errorMembers(error, shape)),
  }),
};

/** Errors of S3's REST-XML: no wrapper, and the request id twice. */
export const s3Xml: Failing = {
  fail: (error, id) => ({
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': id },
    body:
      error.status === 304
        ? ''
        : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content(
            { Code: error.code, Message: error.message, ...error.members, RequestId: id, HostId: 'embedded-region' },
            'member',
          )}</Error>`,
  }),
};

/** Errors of the OpenMetadata server: code and message, as its REST API has them. */
export const plainJson: Failing = {
  fail: (error: AwsError) => ({
    status: error.status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: error.status, errorType: error.code, message: error.message }),
  }),
};
