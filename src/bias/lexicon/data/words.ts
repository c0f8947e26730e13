/** The words of a text that lists them, divided by white space. @internal */
export function words(list: string): string[] {
  return list.trim().split(/\s+/u);
}
