/**
 * Every page of a listing, in order. AWS may answer an empty page that has a token: only a missing token
 * means the end. A token that repeats would go on for ever, so it ends the listing (GetLogEvents hands the
 * sent token back at a stream's end).
 */
export async function* pages<Page>(
  fetchPage: (token: string | undefined) => Promise<Page>,
  nextToken: (page: Page) => string | undefined,
): AsyncGenerator<Page, void, undefined> {
  let token: string | undefined;
  for (;;) {
    const page = await fetchPage(token);
    yield page;
    const next = nextToken(page);
    if (next === undefined || next === '' || next === token) return;
    token = next;
  }
}
