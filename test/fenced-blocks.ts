/** The fenced blocks of a page, with the language that each names. */
export function fencedBlocks(page: string): readonly { readonly language: string; readonly text: string }[] {
  return [...page.matchAll(/^```(?<language>\w*)\n(?<text>[\s\S]*?)^```$/gm)].map(({ groups }) => ({
    language: groups?.language ?? '',
    text: groups?.text ?? '',
  }));
}
