const PART = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?';
const HUB_ID = new RegExp(`^${PART}/${PART}$`);
const COMMIT = /^[0-9a-f]{40}$/;

/** Whether a text has the form of a hub's repository: `owner/name`, letters, digits, `.`, `_` and `-`. */
export function isHubId(text: string): boolean {
  return text.length <= 96 && HUB_ID.test(text) && !/--|\.\./.test(text);
}

/** Whether a revision is a commit, which never changes, not a branch or tag. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}
