import type { Schema } from '../../src/report/schema-parts.ts';

/** What is wrong with a value by a schema, of the keywords that ours use. Stricter in one point: a key that it does not name is a fault. */
export function schemaFaults(value: unknown, schema: Schema): string[] {
  return faultsOf(value, schema, '$', schema);
}

function faultsOf(value: unknown, schema: Schema, path: string, root: Schema): string[] {
  const found: string[] = [];
  for (const [keyword, operand] of Object.entries(schema)) {
    const rule = keywords[keyword];
    if (rule === undefined) throw new Error(`${path}: the checker does not know ${keyword}`);
    found.push(...rule(value, operand as never, path, root));
  }
  const named = schema.properties as object | undefined;
  if (named && isRecord(value)) {
    for (const key of Object.keys(value)) if (!(key in named)) found.push(`${path}.${key}: is not in the schema`);
  }
  return found;
}

type Rule = (value: unknown, operand: never, path: string, root: Schema) => string[];

const none: Rule = () => [];
const keywords: Readonly<Record<string, Rule>> = {
  $schema: none,
  $defs: none,
  title: none,
  description: none,
  $ref: (value, ref: string, path, root) => faultsOf(value, definition(ref, root), path, root),
  type: (value, type: string, path) => (typeOf(value, type) ? [] : [`${path}: is no ${type}`]),
  const: (value, wanted, path) => (value === wanted ? [] : [`${path}: is not ${wanted}`]),
  enum: (value, wanted: unknown[], path) => (wanted.includes(value) ? [] : [`${path}: is none of ${wanted}`]),
  minimum: (value, least: number, path) =>
    typeof value !== 'number' || value >= least ? [] : [`${path}: under ${least}`],
  maximum: (value, most: number, path) => (typeof value !== 'number' || value <= most ? [] : [`${path}: over ${most}`]),
  pattern: (value, pattern: string, path) =>
    typeof value !== 'string' || new RegExp(pattern).test(value) ? [] : [`${path}: does not match ${pattern}`],
  required: (value, keys: string[], path) =>
    isRecord(value) ? keys.filter((key) => !(key in value)).map((key) => `${path}.${key}: is missing`) : [],
  properties: (value, schemas: Record<string, Schema>, path, root) =>
    isRecord(value)
      ? Object.entries(schemas).flatMap(([key, schema]) =>
          key in value ? faultsOf(value[key], schema, `${path}.${key}`, root) : [],
        )
      : [],
  items: (value, schema: Schema, path, root) =>
    Array.isArray(value) ? value.flatMap((item, index) => faultsOf(item, schema, `${path}[${index}]`, root)) : [],
  anyOf: (value, schemas: Schema[], path, root) => {
    const answers = schemas.map((schema) => faultsOf(value, schema, path, root));
    return answers.some(({ length }) => length === 0) ? [] : answers.flat();
  },
};

function definition(ref: string, root: Schema): Schema {
  const definitions = root.$defs as Record<string, Schema>;
  const schema = definitions[ref.replace('#/$defs/', '')];
  if (schema === undefined) throw new Error(`no ${ref}`);
  return schema;
}

function typeOf(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
