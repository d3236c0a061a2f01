import { grouped } from '../../base/grouped.ts';
import { captures, endOf } from '../../replay/projections/captures.ts';
import { type Unverified, type Verifications, verifications } from '../../replay/projections/verifications.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { count, describeWrite } from '../evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement } from '../invariant.ts';
import { inLogOrder, whatCouldHide } from './log-order.ts';

/** Every write was verified as durable before its device stopped. */
export const writesVerified = defineInvariant({
  name: 'writes-verified',
  promise: 'Every write of a device that stopped in order was verified as durable.',
  needs: ['write', 'verify'],
  uses: [captures, verifications],
  judge: (file) => [...file.identities.keys()].map((identity) => judgeIdentity(file, identity)),
});

/** How many findings name a write each; the rest is counted in the last of them. */
const mostNamed = 100;

function judgeIdentity(file: CaseFile, identity: string): Judgement {
  const { devices } = file.states.read(verifications);
  const findings: FindingDraft[] = [];
  const unchecked: string[] = [];
  let writes = 0;
  let open = 0;
  for (const capture of file.identities.get(identity) ?? []) {
    const of = devices.get(capture.device);
    if (!of) continue;
    writes += of.writes;
    open += of.pending.size;
    if (of.pending.size === 0) continue;
    if (endOf(capture) === 'none') {
      if (file.isTruncated(capture))
        unchecked.push(`the log of ${capture.device} is cut off: a verify could stand there`);
      continue;
    }
    const judged = judgeDevice(file, identity, of);
    findings.push(...judged.findings);
    if (judged.unchecked !== undefined) unchecked.push(judged.unchecked);
  }
  return {
    subject: identity,
    findings,
    ...(unchecked[0] !== undefined && { unchecked: unchecked[0] }),
    detail: `${grouped(writes - open)} of ${count(writes, 'write')} verified`,
  };
}

function judgeDevice(
  file: CaseFile,
  identity: string,
  { pending: byEffect, nameless, strange }: Verifications,
): Pick<Judgement, 'findings' | 'unchecked'> {
  const pending = [...byEffect.values()];
  if (nameless >= pending.length) {
    return { findings: [], unchecked: `${count(nameless, 'verify line')} name neither effect nor cid` };
  }
  const devices = (file.identities.get(identity) ?? []).map(({ device }) => device);
  const missing: Unverified[] = [];
  let unchecked: string | undefined;
  for (const unverified of pending) {
    const hidden = devices
      .map((device) => {
        const own = device === unverified.write.device;
        return whatCouldHide(file, device, ['verify'], own ? unverified.write : undefined);
      })
      .find((reason) => reason !== undefined);
    if (hidden !== undefined) unchecked ??= `${hidden}: a verify could stand there`;
    else if (unverified.write.cid === undefined && strange.names.size > 0) {
      unchecked ??= `${count(strange.names.size, 'verify', 'verifies')} of contents that no write names by its cid`;
    } else missing.push(unverified);
  }
  const findings = missing.slice(0, mostNamed).map((unverified) => finding(file, identity, unverified));
  const more = missing.length - findings.length;
  const last = findings.at(-1);
  if (last && more > 0)
    findings[findings.length - 1] = { ...last, message: `${last.message}; and ${count(more, 'more write')}` };
  return { findings, unchecked };
}

function finding(file: CaseFile, identity: string, { write, failed }: Unverified): FindingDraft {
  const { device, effect, opId } = write;
  const tried =
    failed === 0 ? 'no verify names it' : `${count(failed, 'verify', 'verifies')} of it failed, and none was ok`;
  return {
    code: 'write-unverified',
    verdict: 'violated',
    ...{ identity, device, effect, opId },
    at: inLogOrder(write, file),
    stage: { after: 'written', before: 'durable', decides: `a verify line of ${effect}` },
    message: `${device} stopped in order and never verified ${effect}: ${tried}`,
    story: [{ event: write, role: `writes ${effect}: ${describeWrite(write)}` }],
  };
}
