'use client'

import { useQuery } from '@tanstack/react-query'
import { useMay } from '#components/access/person.tsx'
import { CheckList } from '#components/forms/check-list.tsx'
import { membersQuery } from '#components/members/queries.ts'
import { webhooksQuery } from '#components/webhooks/queries.ts'
import type { RuleForm } from './rule-form.ts'

/** Who is told besides the bell. */
export function DestinationFields({ form, hasMail }: { form: RuleForm; hasMail: boolean }) {
  const mayListMembers = useMay('members:write')
  const webhooks = useQuery(webhooksQuery).data ?? []
  const members = useQuery({ ...membersQuery, enabled: mayListMembers }).data ?? []
  const { values, faults, set, id } = form
  return (
    <div className="grid gap-5 border-line border-t pt-4 sm:grid-cols-2">
      <CheckList
        id={`${id}-webhooks`}
        legend="Webhooks"
        hint={webhooks.length === 0 ? 'There are none yet.' : 'Besides those that hear of every alert.'}
        items={webhooks.map(({ id: webhook, name, url }) => ({
          id: webhook,
          label: name,
          hint: new URL(url).host,
        }))}
        error={faults.webhooks}
        ticked={values.webhooks}
        onChange={(ticked) => set({ webhooks: ticked })}
      />
      <CheckList
        id={`${id}-members`}
        legend="Mails"
        hint={hasMail ? 'The bell tells everybody anyway.' : 'No mail server is configured (mail.host).'}
        items={
          hasMail
            ? members
                .filter(({ deactivated }) => !deactivated)
                .map(({ id: member, name, email }) => ({ id: member, label: name, hint: email }))
            : []
        }
        error={faults.members}
        ticked={values.members}
        onChange={(ticked) => set({ members: ticked })}
      />
    </div>
  )
}
