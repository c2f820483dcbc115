'use client'

import { CategoriesField, categoriesFault } from '#components/access/categories-field.tsx'
import { usePerson } from '#components/access/person.tsx'
import { ROLE_NAMES } from '#components/access/rights-words.ts'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { formatDay } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Member } from '#lib/people/schema.ts'
import { mayChange, roleChoices } from './role-choices.ts'
import type { MemberEdits } from './use-member-edits.ts'

interface MemberDialogProps {
  member: Member
  edits: MemberEdits
  onClose: () => void
}

/** The role of a member, and where they may write. */
export function MemberDialog(props: MemberDialogProps) {
  const { role } = usePerson()
  return mayChange(role, props.member.role) ? <Changing {...props} /> : <Reading {...props} />
}

function Changing({ member, edits, onClose }: MemberDialogProps) {
  const { role } = usePerson()
  const form = useForm<{ role: Member['role']; categories: readonly string[] | null }>({
    values: { role: member.role, categories: member.categories },
    check: (values) => ({ categories: categoriesFault(values) }),
    send: async ({ role, categories }) => {
      await edits.change(member, { role, categories: categories && [...categories] })
      showToast({ message: `${member.name} changed.` })
      onClose()
    },
  })
  return (
    <FormDialog title={member.name} form={form} action="Save" onClose={onClose}>
      <Facts member={member} />
      <SelectField
        form={form}
        field="role"
        label="Role"
        hint="It holds within two seconds, in open tabs as well."
        choices={roleChoices(role)}
      />
      <CategoriesField form={form} />
    </FormDialog>
  )
}

function Reading({ member, onClose }: MemberDialogProps) {
  return (
    <Dialog title={member.name} isOpen onOpenChange={onClose}>
      <Facts member={member} />
      <p className="mt-4 text-ink-soft text-sm">
        {ROLE_NAMES[member.role]}. Only an owner changes admins and owners.
      </p>
    </Dialog>
  )
}

function Facts({ member }: { member: Member }) {
  return (
    <p className="text-ink-soft text-sm [overflow-wrap:anywhere]">
      {member.email}, here since {formatDay(member.created_at)},{' '}
      {member.second_factor ? 'with a second factor' : 'without a second factor'}.
    </p>
  )
}
