// Run before the product (--import): writes into the file FIRST_FRAME which files it loads, and when the first frame
// goes out a line of `frame` and the modules of Node that are loaded by then.
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env.FIRST_FRAME;

if (isMainThread && file !== undefined) {
  const hooks = `
    import { appendFileSync } from 'node:fs';
    export async function load(url, context, next) {
      appendFileSync(${JSON.stringify(file)}, url + '\\n');
      return next(url, context);
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (...args) => {
    if (String(args[0]).includes('Dashboard')) {
      process.stdout.write = write;
      const builtin = process.moduleLoadList.flatMap(
        (name) => /^NativeModule (?!internal\/)(.*)/.exec(name)?.[1] ?? [],
      );
      // In one line: files go on being loaded behind it.
      appendFileSync(file, `frame ${builtin.map((name) => `node:${name}`).join(' ')}\n`);
    }
    return write(...args);
  };
}
