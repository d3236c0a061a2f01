import { defineConfig } from 'ledger-replay';
import { largePaymentsArbitrated } from './large-payments-arbitrated.mjs';
import { tokenCsv } from './token-csv.mjs';

/** What a project adds to the tool. It is found from the working directory upwards, or named by `--config`. */
export default defineConfig({
  invariants: [largePaymentsArbitrated],
  readers: [tokenCsv],
  mappings: ['gateway-access.mapping.json'],
});
