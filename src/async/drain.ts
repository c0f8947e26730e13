/** Runs a generator to its end. @returns what it returns; what it yields goes unread */
export async function drain<T>(generator: AsyncGenerator<unknown, T, void>): Promise<T> {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
  }
}
