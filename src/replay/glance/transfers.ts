import { type Amount, equal } from '../../base/amount.ts';
import { textAt } from '../../events/columns/texts.ts';
import { Beyond } from './beyond.ts';

interface Worth {
  readonly coin: string;
  readonly amount: Amount;
}

/** Tokens that went from one identity to another, by either side's word. There is an entry for each, as long as the log is read. */
export class Transfers {
  private readonly sent = new Map<string, Worth>();
  private readonly received = new Map<string, Worth[]>();

  send(words: Int32Array, token: number, coin: string, amount: Amount): void {
    const tokenId = textAt(words, token);
    if (this.sent.has(tokenId)) throw new Beyond('a token that is sent twice');
    this.sent.set(tokenId, { coin, amount });
    for (const worth of this.received.get(tokenId) ?? []) compare({ coin, amount }, worth);
  }

  receive(words: Int32Array, token: number, coin: string, amount: Amount): void {
    const tokenId = textAt(words, token);
    const received = { coin, amount };
    const sent = this.sent.get(tokenId);
    if (sent) compare(sent, received);
    else this.received.set(tokenId, [...(this.received.get(tokenId) ?? []), received]);
  }
}

function compare(sent: Worth, received: Worth): void {
  if (sent.coin !== received.coin || !equal(sent.amount, received.amount))
    throw new Beyond('a token that changed on its way');
}
