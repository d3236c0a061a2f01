/**
 * A source whose good part was handed over and whose rest cannot be read: a compressed file that breaks off or is
 * corrupt. Thrown by `chunks()` after the last good byte; the line reader turns it into a problem.
 */
export class SourceDamage extends Error {
  override readonly name = 'SourceDamage';
}
