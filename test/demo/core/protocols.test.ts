import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unchunk } from '../../../src/demo/protocols/aws-chunked.ts';
import { readParameters } from '../../../src/demo/protocols/parameters.ts';
import { IncompleteSignature, readCredential } from '../../../src/demo/protocols/signature.ts';
import { element, escapeXml } from '../../../src/demo/protocols/xml.ts';

describe('query parameters', () => {
  it('become lists and structures', () => {
    const form = new URLSearchParams({
      Action: 'TagRole',
      Version: '2010-05-08',
      RoleName: 'one',
      'Tags.member.2.Key': 'b',
      'Tags.member.1.Key': 'a',
      'Tags.member.1.Value': '',
    });
    expect(readParameters(form)).toEqual({ RoleName: 'one', Tags: [{ Key: 'a', Value: '' }, { Key: 'b' }] });
  });

  it('of EC2 have no member step', () => {
    const form = new URLSearchParams('Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b&SubnetId.1=s');
    expect(readParameters(form)).toEqual({ Filter: [{ Name: 'vpc-id', Value: ['a', 'b'] }], SubnetId: ['s'] });
  });

  it('keep more than nine in order and can name nothing that is inherited', () => {
    const form = new URLSearchParams(Array.from({ length: 12 }, (_, index) => `N.${index + 1}=${index + 1}`).join('&'));
    expect(readParameters(form).N).toEqual(Array.from({ length: 12 }, (_, index) => `${index + 1}`));
    expect(readParameters(new URLSearchParams('__proto__.polluted=1')).polluted).toBeUndefined();
  });
});

describe('XML', () => {
  it('escapes what would end an element and keeps carriage returns', () => {
    expect(escapeXml('<a & "b">\r\n\u0000\uD800')).toBe('&lt;a &amp; &quot;b&quot;&gt;&#13;\n\uFFFD\uFFFD');
  });

  it('leaves out what is undefined, writes an empty list as an empty element', () => {
    expect(element('A', { B: undefined, C: [], D: [1, { E: true }] }, 'member')).toBe(
      '<A><C></C><D><member>1</member><member><E>true</E></member></D></A>',
    );
  });
});

describe('a credential', () => {
  it('is read from the header or the query', () => {
    const scope = 'AKIA1/20261122/eu-west-1/airflow/aws4_request';
    const expected = { accessKeyId: 'AKIA1', region: 'eu-west-1', service: 'airflow' };
    const header = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`;
    expect(readCredential(header, new URLSearchParams())).toEqual(expected);
    const query = new URLSearchParams({ 'X-Amz-Credential': scope, 'X-Amz-Signature': '00' });
    expect(readCredential(undefined, query)).toEqual(expected);
    expect(readCredential(undefined, new URLSearchParams())).toBeUndefined();
  });

  it.each(['Bearer x', 'AWS4-HMAC-SHA256 x', 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0'])(
    'is refused when it is %s',
    (header) => {
      expect(() => readCredential(header, new URLSearchParams())).toThrow(IncompleteSignature);
    },
  );
});

describe('aws-chunked', () => {
  const chunked = (chunks: readonly Uint8Array[], trailer: string): Buffer =>
    Buffer.concat([
      ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
      Buffer.from(`0\r\n${trailer}\r\n`),
    ]);

  it('gives back any body and its trailing headers', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => {
        const decoded = unchunk(chunked(chunks, 'x-amz-checksum-crc32:AAAAAA==\r\n'));
        expect(decoded?.body.equals(Buffer.concat(chunks))).toBe(true);
        expect(decoded?.trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
      }),
    );
  });

  it('takes chunk signatures and refuses a body that is cut', () => {
    const body = '3;chunk-signature=00\r\nabc\r\n0;chunk-signature=00\r\n\r\n';
    expect(unchunk(Buffer.from(body))?.body.toString()).toBe('abc');
    expect(unchunk(Buffer.from(body.slice(0, 24)))).toBeUndefined();
    expect(unchunk(Buffer.from('plain text'))).toBeUndefined();
  });
});
