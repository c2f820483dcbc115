-- Who made a link for a new password, who deactivated a member and who removed one.

-- Nobody knows who made the links of before: they are made again.
DELETE FROM person_reset;
-- Null: the operator, or the person by a mail to their own address. A person is in no workspace, so neither is the link.
ALTER TABLE person_reset ADD COLUMN made_by uuid REFERENCES actor (id);
CREATE INDEX person_reset_made_by_idx ON person_reset (made_by);

ALTER TABLE member
  ADD COLUMN deactivated_by uuid,
  ADD FOREIGN KEY (workspace_id, deactivated_by) REFERENCES actor (workspace_id, id);

ALTER TABLE former_member
  ADD COLUMN removed_by uuid,
  ADD FOREIGN KEY (workspace_id, removed_by) REFERENCES actor (workspace_id, id);
CREATE INDEX former_member_removed_at_idx ON former_member (workspace_id, removed_at, actor_id);
