/**
 * Fills an object that was just made with what is kept of one like it, and so the objects of classes that it was made with. Kept are fields as
 * a structured clone takes them, so that an object of a class is plain data; those that begin with `#` are not, and stay as they were made.
 */
export function refill<Made extends object>(made: Made, kept: Made): Made {
  for (const [name, value] of Object.entries(kept)) {
    const own: unknown = Reflect.get(made, name);
    if (isPlain(value) && typeof own === 'object' && own !== null && !isPlain(own)) refill(own, value);
    else Reflect.set(made, name, value);
  }
  return made;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
