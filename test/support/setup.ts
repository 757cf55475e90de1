import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';

// Ink 8 calls Promise.withResolvers, which Node 20 lacks; the bundle's entry does the same.
Promise.withResolvers ??= function withResolvers<T>() {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason?: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
// The SDK's clients that tests make themselves would warn of Node 20 among the results; the product silences it itself.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// A log view sets the process to a small heap. One test process holds many consoles and regions: it would only collect garbage.
v8.setFlagsFromString = () => {};
syncBuiltinESMExports();
