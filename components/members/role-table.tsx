import { RIGHTS, ROLE_NAMES, ROLE_WORDS, reaches } from '#components/access/rights-words.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { ROLES } from '#lib/access/rules.ts'

/** Who may what: roles in the columns, rights in the rows. */
export function RoleTable() {
  return (
    <section aria-labelledby="roles">
      <h2 id="roles" className="font-serif text-2xl">
        Who may what
      </h2>
      <p className="mt-2 mb-4 max-w-prose text-ink-soft">
        Each role has all rights of those before it. Writing and releasing can be narrowed to categories, for
        people as for keys.
      </p>
      <ScrollRegion name="Roles and their rights" className="overflow-x-auto">
        <table className="w-full min-w-[38rem] border-collapse text-sm">
          <thead>
            <tr className="border-line-strong border-b text-left text-xs">
              <th scope="col" className="py-2 pr-4 font-medium text-ink-faint">
                Right
              </th>
              {ROLES.map((role) => (
                <th
                  key={role}
                  scope="col"
                  title={ROLE_WORDS[role]}
                  className="w-20 px-2 text-center font-medium"
                >
                  {ROLE_NAMES[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RIGHTS.map(({ words, from }) => (
              <tr key={words} className="border-line border-b">
                <th scope="row" className="py-2 pr-4 text-left font-normal">
                  {words}
                </th>
                {ROLES.map((role) => (
                  <Cell key={role} isGiven={reaches(role, from)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  )
}

function Cell({ isGiven }: { isGiven: boolean }) {
  return (
    <td className="px-2 text-center">
      <span
        aria-hidden="true"
        className={isGiven ? 'inline-block size-2 rounded-full bg-ink' : 'text-ink-faint'}
      >
        {!isGiven && '–'}
      </span>
      <span className="sr-only">{isGiven ? 'yes' : 'no'}</span>
    </td>
  )
}
