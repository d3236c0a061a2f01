import { compareAmounts, defineInvariant, defineProjection, formatAmount, parseAmount } from 'ledger-replay';

/** From here up, a payment needs the arbiter's word. */
const limit = parseAmount('1000');
const coin = 'UCT';

/** What has to be known at the end: the large payments, and the tokens that the arbiter accepted. The rest is forgotten. */
const payments = defineProjection({
  name: 'payments',
  initial: () => ({ large: [], accepted: new Set() }),
  on: {
    write(state, event, context) {
      const { kind, outputs = [], identity } = event;
      if (kind !== 'transfer') return;
      const paid = outputs.find(
        ({ owner = identity, coin: paidIn, amount }) =>
          owner !== identity && paidIn === coin && compareAmounts(amount, limit) >= 0,
      );
      // A mark is the event as evidence, with its place in happens-before.
      if (paid) state.large.push({ write: context.mark(event), paid });
    },
    arbiter({ accepted }, { tokenId, verdict }) {
      if (verdict === 'accepted') accepted.add(tokenId);
    },
  },
});

/** An invariant of a user's own. Without `write` and `arbiter` lines in a run, it is not checked, and the report says so. */
export const largePaymentsArbitrated = defineInvariant({
  name: 'large-payments-arbitrated',
  promise: 'No payment of 1000 UCT or more goes without a word of the arbiter.',
  needs: ['write', 'arbiter'],
  uses: [payments],
  judge(file) {
    const { large, accepted } = file.states.read(payments);
    return [...file.identities.keys()].map((identity) => {
      const own = large.filter(({ write }) => write.event.identity === identity);
      const silent = own.filter(({ write, paid }) => {
        const { inputs = [] } = write.event;
        return ![paid.tokenId, ...inputs].some((tokenId) => accepted.has(tokenId));
      });
      return {
        subject: identity,
        detail: `${own.length} large payments`,
        findings: silent.map(({ write, paid }) => ({
          code: 'payment-not-arbitrated',
          verdict: 'violated',
          message: `${write.event.device} pays ${formatAmount(paid.amount)} ${coin} to ${paid.owner}, and the arbiter was not asked`,
          identity,
          device: write.event.device,
          tokenId: paid.tokenId,
          effect: write.event.effect,
          at: write,
          story: [{ event: write.event, role: `pays ${formatAmount(paid.amount)} ${coin}`, first: true }],
        })),
      };
    });
  },
});
