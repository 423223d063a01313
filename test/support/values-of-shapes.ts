import { execFileSync } from 'node:child_process';

/** A type as values are made of it; numbers refer to other shapes. */
export type Shape =
  | { readonly is: 'text' | 'number' | 'boolean' | 'nothing' | 'bytes' }
  | { readonly is: 'value'; readonly value: string | number | boolean | null }
  | { readonly is: 'template'; readonly texts: readonly string[] }
  | { readonly is: 'oneOf' | 'tuple'; readonly of: readonly number[] }
  | { readonly is: 'list'; readonly of: number }
  | { readonly is: 'map'; readonly key: number; readonly value: number }
  | { readonly is: 'function'; readonly returns: number }
  | {
      readonly is: 'object';
      readonly properties: readonly { readonly name: string; readonly optional: boolean; readonly of: number }[];
      readonly record?: number;
    };

export interface FunctionShape {
  readonly file: string;
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly of: number }[];
  /** The last parameter takes all that is left. */
  readonly rest: boolean;
  /** Properties of what it returns; of a list, of its elements. */
  readonly returns: readonly string[];
  readonly returnsList: boolean;
}

/** What fills a type's free places. */
export interface Filling {
  /** For every free text; the name is the property's. */
  text(name: string): string;
  /** From 0 to 1. */
  draw(): number;
}

export interface Shapes {
  readonly functions: readonly FunctionShape[];
  argumentsFor(one: FunctionShape, filling: Filling): unknown[];
}

const deepest = 10;

/** The exported functions of some files, and values for their parameters: whatever their types allow. */
export function shapesOf(files: readonly string[]): Shapes {
  const script = 'test/support/shapes-of-functions.ts';
  const printed = execFileSync(process.execPath, [script, ...files], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { functions, shapes } = JSON.parse(printed) as {
    functions: FunctionShape[];
    shapes: Readonly<Record<number, Shape>>;
  };

  function valueOfShape(id: number, filling: Filling, name: string, depth: number): unknown {
    const shape = shapes[id];
    if (!shape) throw new Error(`no shape ${id}`);
    const { draw, text } = filling;
    const inner = (of: number, as = name) => valueOfShape(of, filling, as, depth + 1);
    const many = () => (depth > deepest ? 0 : draw() < 0.04 ? 40 : Math.floor(draw() * 4));
    switch (shape.is) {
      case 'text':
        return text(name);
      case 'number':
        return draw() < 0.8 ? Math.floor(draw() * 50) : draw() * 1e7;
      case 'boolean':
        return draw() < 0.5;
      case 'nothing':
        return undefined;
      case 'bytes':
        return new Uint8Array(4);
      case 'value':
        return shape.value;
      case 'template':
        return shape.texts.map((part, index) => (index === 0 ? part : text(name) + part)).join('');
      case 'oneOf':
        return inner(choice(shape.of, filling, depth));
      case 'tuple':
        return shape.of.map((of) => inner(of));
      case 'list':
        return Array.from({ length: many() }, () => inner(shape.of));
      case 'map':
        return new Map(Array.from({ length: many() }, () => [inner(shape.key), inner(shape.value)]));
      case 'function':
        return () => inner(shape.returns);
      case 'object': {
        const { record } = shape;
        const free =
          record === undefined ? [] : Array.from({ length: many() }, () => [text(name), inner(record)] as const);
        const own = shape.properties.flatMap(({ name: property, optional, of }) => {
          if (optional && (depth > deepest || draw() < 0.3)) return [];
          const made = inner(of, property);
          return optional && made === undefined ? [] : [[property, made] as const];
        });
        return Object.fromEntries([...free, ...own]);
      }
    }
  }

  /** Deep down the simplest; else something rather than nothing. */
  function choice(of: readonly number[], { draw }: Filling, depth: number): number {
    const is = (id: number) => shapes[id]?.is;
    const simple = of.filter((id) => !['object', 'list', 'map'].includes(is(id) ?? ''));
    const from = depth > deepest && simple.length > 0 ? simple : of;
    const something = from.filter((id) => is(id) !== 'nothing');
    const chosen = something.length > 0 && draw() < 0.9 ? something : from;
    return chosen[Math.floor(draw() * chosen.length)] as number;
  }

  return {
    functions,
    argumentsFor: ({ parameters, rest }, filling) =>
      parameters.flatMap(({ name, of }, index) => {
        const value = valueOfShape(of, filling, name, 0);
        return rest && index === parameters.length - 1 && Array.isArray(value) ? value : [value];
      }),
  };
}
