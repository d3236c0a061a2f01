/** The devices of one identity, as far as any line of them has passed. */
export interface Peers<Device> {
  /** How many there are. */
  readonly devices: number;
  readonly seen: Device[];
}
