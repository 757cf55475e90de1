import type { Input } from '../service.ts';

interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/**
 * The nested input behind a query protocol's flat parameters: `Tags.member.1.Key=a` and, as EC2 sends it,
 * `Filter.1.Value.2=b`. Steps of digits are a list's positions. `Action` and `Version` are left out.
 */
export function readParameters(parameters: URLSearchParams): Input {
  const root: Node = { children: new Map() };
  for (const [name, text] of parameters) {
    if (name === 'Action' || name === 'Version') continue;
    let node = root;
    for (const step of name.split('.')) {
      let next = node.children.get(step);
      if (next === undefined) {
        next = { children: new Map() };
        node.children.set(step, next);
      }
      node = next;
    }
    node.text = text;
  }
  return structure(root);
}

function structure(node: Node): Record<string, unknown> {
  const value: Record<string, unknown> = Object.create(null);
  for (const [name, child] of node.children) value[name] = read(child);
  return value;
}

function read(node: Node): unknown {
  if (node.children.size === 0) return node.text ?? '';
  const only = node.children.size === 1 ? node.children.get('member') : undefined;
  if (only !== undefined) return read(only);
  const names = [...node.children.keys()];
  if (names.every((name) => /^\d+$/.test(name))) {
    return [...node.children].sort(([left], [right]) => Number(left) - Number(right)).map(([, child]) => read(child));
  }
  return structure(node);
}
