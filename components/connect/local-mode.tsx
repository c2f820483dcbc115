/** Who may reach this server while there are no accounts. */
export function LocalMode({ listensOn, isLoopback }: { listensOn: string; isLoopback: boolean }) {
  return (
    <section aria-labelledby="access" className="text-ink-soft text-sm">
      <h2 id="access" className="mb-2 font-serif text-2xl text-ink">
        Who gets in
      </h2>
      {isLoopback ? (
        <p>
          No key is needed. The server listens on <code className="font-mono text-xs">{listensOn}</code>, so
          only programs on this machine reach it, and to them everything is open: reading, rendering,
          changing.
        </p>
      ) : (
        <p className="rounded-lg bg-rubric-wash p-4 text-ink">
          No key is needed, and the server listens on <code className="font-mono text-xs">{listensOn}</code>:
          whoever reaches it on the network can read and change every prompt.
        </p>
      )}
      <p className="mt-3">
        Requests under another host name and from pages of other sites are refused. Accounts, and a key for
        each agent, come later; label and category in the address are for clearness, not for protection.
      </p>
    </section>
  )
}
