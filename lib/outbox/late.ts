/**
 * Whether a message of the table `outbox` is late when it is old. A webhook or a repository that fails is tried again for hours, and
 * what comes after it waits: that is late once nobody has taken it or means to try it again.
 */
export const COUNTS_AS_LATE = `(outbox.target NOT IN ('webhooks', 'repositories') OR NOT EXISTS (SELECT FROM outbox h
    WHERE h.workspace_id = outbox.workspace_id AND h.target = outbox.target AND h.subject = outbox.subject
      AND h.due_at > now()))`
