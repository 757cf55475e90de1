import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { maskedConfiguration, secretContent } from '../../src/ingestion/secret.ts';
import { changed, POSTGRES } from './samples.ts';

describe('the content of a secret', () => {
  it('is the whole configuration as compact JSON', () => {
    const pipeline = readPipeline(POSTGRES, 'p.yaml');
    const content = secretContent(pipeline);
    expect(JSON.parse(content)).toEqual(pipeline.value);
    expect(content).not.toMatch(/\n|": |, "/);
  });

  it('is written so that PyYAML reads the same values', () => {
    const text = changed(
      POSTGRES,
      'config: {}',
      String.raw`config: {big: 12345678901234567890, small: 0.0000001, huge: 1.0e+300, text: "a\u0085b\u2028c\x7f\uFEFF😀"}`,
    );
    expect(secretContent(readPipeline(text, 'p.yaml'))).toContain(
      String.raw`{"big":12345678901234567890,"small":1.0e-7,"huge":1.0e+300,"text":"a\u0085b\u2028c\u007f\ufeff😀"}`,
    );
  });

  it('is refused when Secrets Manager would not take it', () => {
    const text = changed(POSTGRES, '^pg_.*', `^${'ä'.repeat(40_000)}`);
    expect(() => secretContent(readPipeline(text, 'p.yaml'))).toThrow(
      expect.objectContaining({ kind: 'invalid-input', message: expect.stringMatching(/80,\d{3} bytes.*65,536/) }),
    );
  });
});

describe('a configuration for eyes', () => {
  it('shows everything but what may be secret', () => {
    const text = changed(
      POSTGRES,
      'database: sales',
      `database: sales
      connectionOptions: {url: "https://u:p4ss@h/", note: AKIAABCDEFGHIJKLMNOP, sasl.password: s3cr3t}
      sslConfig: {caCertificate: "-----BEGIN CERTIFICATE-----"}`,
    );
    const shown = maskedConfiguration(secretContent(readPipeline(text, 'p.yaml')));
    expect(shown).toContain('hostPort: db.example.com:5432');
    expect(shown).toContain('username: reader');
    for (const secret of ['hunter2', 'eyJ', 'p4ss', 'AKIA', 's3cr3t', 'BEGIN']) expect(shown).not.toContain(secret);
  });

  it('shows nothing of what it can not read', () => {
    expect(maskedConfiguration('password: hunter2')).not.toContain('hunter2');
  });
});
