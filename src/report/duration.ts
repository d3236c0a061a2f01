import { grouped } from '../base/grouped.ts';

/** An amount of time as a person says it: `1,234 s`, `412.6 s`, `38 ms`, `2.4 ms`, `220 µs`, `0`; with its sign. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms >= 999_950) return `${grouped(Math.round(ms / 1000))} s`;
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 9.95) return `${Math.round(ms)} ms`;
  if (ms >= 0.9995) return `${ms.toFixed(1)} ms`;
  const us = Math.round(ms * 1000);
  return us > 0 ? `${us} µs` : ms > 0 ? '<1 µs' : '0';
}

/** A share of a whole: `72 %`, `1.1 %`, `<0.1 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.05) return '<0.1 %';
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}
