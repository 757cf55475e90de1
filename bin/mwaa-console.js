#!/usr/bin/env node
// Nothing may be loaded before these checks: an old Node fails on the first modern module with a riddle.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `mwaa-console needs Node 20.19 or newer; this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exit(2);
}
// React's development build keeps an entry per render for ever.
process.env.NODE_ENV ??= 'production';
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
await import('../dist/main.js');
