import { hasName, newSeen, seeName } from '../../base/seen.ts';

/** Tokens that never came alive on a device, because it had applied their end before: some twenty bytes for each, as plain data. */
export class Stillborn {
  private readonly seen = newSeen();

  add(device: number, tokenId: string): void {
    seeName(this.seen, nameOf(device, tokenId));
  }

  has(device: number, tokenId: string): boolean {
    return hasName(this.seen, nameOf(device, tokenId));
  }
}

function nameOf(device: number, tokenId: string): string {
  return `${device} ${tokenId}`;
}
