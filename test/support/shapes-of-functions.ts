/**
 * Run by Node alone, for a test: prints, as JSON, what the exported functions of the files named take and return, as
 * the compiler knows it. TypeScript's own interface is a module of a sort that the tests' runner does not load.
 */
import { resolve } from 'node:path';
import { API, type Checker, SignatureKind, SymbolFlags, type Type, TypeFlags } from 'typescript/unstable/sync';
import type { FunctionShape, Shape } from './values-of-shapes.ts';

type Symbol = ReturnType<Checker['getPropertiesOfType']>[number];
type Reference = Parameters<Checker['getTypeArguments']>[0];

const api = new API({ cwd: process.cwd() });
const snapshot = api.updateSnapshot({ openProjects: [resolve('tsconfig.json')] });
const [project] = snapshot.getProjects();
if (!project) throw new Error('there is no project');
const { checker, program } = project;

/** By the type's id: types refer to each other, and to themselves. */
const shapes: Record<number, Shape> = {};
const functions = process.argv.slice(2).flatMap((file) => {
  const source = program.getSourceFile(resolve(file));
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) return [];
  return checker.getExportsOfModule(module).flatMap((symbol): FunctionShape[] => {
    const type = checker.getTypeOfSymbol(symbol);
    const [signature] = type ? checker.getSignaturesOfType(type, SignatureKind.Call) : [];
    if (!signature) return [];
    const parameters = signature.getParameters().map((parameter, index) => {
      const of = checker.getParameterType(signature, index) as Type;
      return { name: parameter.name, of: shapeOf(of) };
    });
    const returned = checker.getReturnTypeOfSignature(signature) as Type;
    const element = checker.isArrayType(returned) ? checker.getTypeArguments(returned as Reference)[0] : undefined;
    const returns = checker.getPropertiesOfType(element ?? returned).map(({ name }) => name);
    return [
      {
        file,
        name: symbol.name,
        parameters,
        rest: signature.hasRestParameter,
        returns,
        returnsList: element !== undefined,
      },
    ];
  });
});
process.stdout.write(JSON.stringify({ functions, shapes }));
api.close();

function shapeOf(type: Type): number {
  if (type.id in shapes) return type.id;
  shapes[type.id] = { is: 'nothing' };
  shapes[type.id] = made(type);
  return type.id;
}

function made(type: Type): Shape {
  const { flags } = type;
  if (type.isUnionType()) return { is: 'oneOf', of: type.getTypes().map(shapeOf) };
  if (type.isLiteralType()) return { is: 'value', value: type.value as string | number | boolean };
  if (type.isTemplateLiteralType()) return { is: 'template', texts: type.texts };
  if (flags & TypeFlags.StringLike) return { is: 'text' };
  if (flags & TypeFlags.NumberLike) return { is: 'number' };
  if (flags & TypeFlags.BooleanLike) return { is: 'boolean' };
  if (flags & TypeFlags.Null) return { is: 'value', value: null };
  if (flags & (TypeFlags.Undefined | TypeFlags.Void | TypeFlags.Never)) return { is: 'nothing' };
  if (flags & (TypeFlags.Any | TypeFlags.Unknown)) return { is: 'text' };
  return object(type);
}

function object(type: Type): Shape {
  const all = (reference: Type) => checker.getTypeArguments(reference as Reference).map(shapeOf);
  if (checker.isTupleType(type)) return { is: 'tuple', of: all(type) };
  if (checker.isArrayType(type)) return { is: 'list', of: all(type)[0] as number };
  const name = type.getSymbol()?.name;
  if (name === 'Map' || name === 'ReadonlyMap') {
    const [key = 0, value = 0] = all(type);
    return { is: 'map', key, value };
  }
  if (name === 'Uint8Array') return { is: 'bytes' };
  const [call] = checker.getSignaturesOfType(type, SignatureKind.Call);
  if (call) return { is: 'function', returns: shapeOf(checker.getReturnTypeOfSignature(call) as Type) };
  const record = checker.getIndexInfosOfType(type)[0]?.valueType;
  const properties = checker.getPropertiesOfType(type).map((property: Symbol) => ({
    name: property.name,
    optional: (property.flags & SymbolFlags.Optional) !== 0,
    of: shapeOf(checker.getTypeOfSymbol(property) as Type),
  }));
  return { is: 'object', properties, ...(record && { record: shapeOf(record) }) };
}
