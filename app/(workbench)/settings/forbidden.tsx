/** A section that is not offered to the reader, whose address was called nevertheless. */
export default function Forbidden() {
  return (
    <section aria-labelledby="not-allowed">
      <h2 id="not-allowed" className="font-serif text-2xl">
        Not open to your role
      </h2>
      <p className="mt-2 max-w-prose text-ink-soft">
        Your role does not include this section. An admin or an owner can change it.
      </p>
    </section>
  )
}
