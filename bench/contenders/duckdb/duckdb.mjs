/** DuckDB with two threads and declared columns, so that it need not find out what the lines hold. Two ways to ask it. */
import { DuckDBInstance } from '@duckdb/node-api';

const [folder, way] = process.argv.slice(2);
const columns = `columns = {
  type: 'VARCHAR', device: 'VARCHAR', identity: 'VARCHAR', coin: 'VARCHAR', tokenId: 'VARCHAR', delta: 'DECIMAL(38,18)',
  opId: 'VARCHAR', op: 'VARCHAR', attempt: 'INTEGER' }`;
const scan = `read_ndjson('${folder.replaceAll("'", "''")}/*.ndjson', ${columns})`;

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
let lines = scan;
if (way === 'table') {
  const kept = `type IN ('balance', 'op.start', 'verify', 'request')`;
  await connection.run(`CREATE TEMP TABLE lines AS SELECT * FROM ${scan} WHERE ${kept}`);
  lines = 'lines';
}
await connection.run(`
  CREATE TEMP TABLE tokens AS
  SELECT identity, device, coin, tokenId, sum(delta) AS amount FROM ${lines}
  WHERE type = 'balance' GROUP BY ALL HAVING sum(delta) <> 0`);
await print(`
  SELECT 'balance', device, coin, sum(amount)::VARCHAR, count(*)::VARCHAR FROM tokens GROUP BY ALL`);
await print(`
  WITH trips AS (SELECT opId, type, op, attempt FROM ${lines} WHERE type IN ('op.start', 'verify', 'request'))
  SELECT 'trips', names.op, count(*) FILTER (made.attempt = 1), count(*) FILTER (made.attempt > 1)
  FROM trips AS made JOIN trips AS names ON names.opId = made.opId AND names.type = 'op.start'
  WHERE made.type <> 'op.start' GROUP BY ALL`);
await print(`
  SELECT 'differing', count(*) FROM (
    SELECT identity, tokenId FROM tokens GROUP BY identity, tokenId
    HAVING count(DISTINCT amount) > 1 OR count(*) <> (
      SELECT count(DISTINCT device) FROM tokens AS others WHERE others.identity = tokens.identity))`);

async function print(query) {
  const reader = await connection.runAndReadAll(query);
  for (const row of reader.getRowsJson()) console.log(row.join('\t'));
}
