import { csv } from './csv.ts';
import type { Exporter } from './exporter.ts';
import { otlp } from './otlp.ts';
import { perfetto } from './perfetto.ts';
import { speedscope } from './speedscope.ts';

/** The family of exporters. A new one is a file and a line here. */
export const exporters: readonly Exporter[] = [speedscope, perfetto, otlp, csv];
