// What any reader has to do at least: ask for page after page and parse the JSON.
const url = process.argv[2];
let nextToken;
do {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ logGroupName: '/bench', startTime: 0, nextToken }),
  });
  ({ nextToken } = await answer.json());
} while (nextToken !== undefined);
