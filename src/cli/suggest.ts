import levenshtein from 'fastest-levenshtein';

/** The known word that was probably meant, if one is near enough: at most a third of it is wrong, or it was cut short. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const begun = known.filter((candidate) => typed !== '' && candidate.startsWith(typed));
  if (begun.length === 1) return begun[0];
  const wrong = (candidate: string) => levenshtein.distance(typed, candidate);
  const close = known.filter((candidate) => wrong(candidate) <= Math.max(1, Math.ceil(candidate.length / 3)));
  const cutShort = known.filter((candidate) => typed.length > 2 && wrong(candidate.slice(0, typed.length)) <= 1);
  return close.sort((left, right) => wrong(left) - wrong(right))[0] ?? cutShort[0];
}

/** `did you mean check-balances?`, else all there is to choose from. */
export function suggestion(word: string, known: readonly string[], kind: string): string {
  const meant = nearest(word, known);
  return meant === undefined ? `${kind}: ${known.join(' ')}` : `did you mean ${meant}?`;
}
