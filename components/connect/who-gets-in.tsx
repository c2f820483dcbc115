/** The access to this server: with accounts, and while there are none. It stays on the server: it is all words. */
export function WhoGetsIn({
  isLocal,
  listensOn,
  isLoopback,
}: {
  /** There are no accounts. */
  isLocal: boolean
  listensOn: string
  isLoopback: boolean
}) {
  return (
    <section aria-labelledby="access" className="text-ink-soft text-sm">
      <h2 id="access" className="mb-2 font-serif text-2xl text-ink">
        Who gets in
      </h2>
      {isLocal ? <Local listensOn={listensOn} isLoopback={isLoopback} /> : <WithAccounts />}
    </section>
  )
}

function WithAccounts() {
  return (
    <>
      <p>
        People sign in; clients bring a key, or act for a person who let them in. No client may do more than
        that person, and what is revoked stops working within two seconds.
      </p>
      <p className="mt-3">
        A key that is pinned to a label sees nothing else. A label or a category in the address shortens what
        a client sees; it keeps nobody out.
      </p>
    </>
  )
}

function Local({ listensOn, isLoopback }: { listensOn: string; isLoopback: boolean }) {
  return (
    <>
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
        Requests under another host name and from pages of other sites are refused. With the first account
        every agent brings a key or signs in; label and category in the address are for clearness, not for
        protection.
      </p>
    </>
  )
}
