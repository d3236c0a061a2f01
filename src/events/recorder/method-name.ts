/** The recorder's method for an event type, in camel case: `balance.read` → `balanceRead`. */
export type MethodName<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<MethodName<Tail>>}`
  : Name;

/** The same at run time. */
export function methodName<Name extends string>(name: Name): MethodName<Name> {
  return name.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()) as MethodName<Name>;
}
