"""The quiet customer: a skill's messaging time-out, whose time-out governs, and what a contact carries of it."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
Json = sa.JSON(none_as_null=True)
FOLLOWS = "('entry', 'current')"
CHECKS = {
    'contact': ('timeout_follows',),
    'skill': ('idle_countdown_seconds', 'idle_seconds'),
    'point_of_contact': ('timeout_follows',),
    'tenant': ('timeout_follows',),
}


def upgrade():
    with op.batch_alter_table('tenant') as batch:
        batch.add_column(sa.Column('timeout_follows', sa.String(8), nullable=False, server_default='entry'))
        batch.create_check_constraint(op.f('ck_tenant_timeout_follows'), f'timeout_follows IN {FOLLOWS}')
    with op.batch_alter_table('point_of_contact') as batch:
        batch.add_column(sa.Column('timeout_follows', sa.String(8)))
        batch.create_check_constraint(op.f('ck_point_of_contact_timeout_follows'), f'timeout_follows IN {FOLLOWS} OR timeout_follows IS NULL')
    with op.batch_alter_table('skill') as batch:
        batch.add_column(sa.Column('idle_enabled', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column('idle_seconds', BigId, nullable=False, server_default='600'))
        batch.add_column(sa.Column('idle_countdown_seconds', BigId, nullable=False, server_default='60'))
        batch.add_column(sa.Column('idle_warning', Json, nullable=False, server_default='{}'))
        batch.add_column(sa.Column('idle_closing', Json, nullable=False, server_default='{}'))
        batch.create_check_constraint(op.f('ck_skill_idle_seconds'), 'idle_seconds BETWEEN 30 AND 86400')
        batch.create_check_constraint(op.f('ck_skill_idle_countdown_seconds'), 'idle_countdown_seconds BETWEEN 20 AND 600')
    with op.batch_alter_table('contact') as batch:
        batch.add_column(sa.Column('timeout_follows', sa.String(8), nullable=False, server_default='entry'))
        batch.add_column(sa.Column('idle_policy', Json))
        batch.add_column(sa.Column('stirred_at', sa.DateTime(timezone=True)))
        batch.add_column(sa.Column('idle_warned_at', sa.DateTime(timezone=True)))
        batch.create_check_constraint(op.f('ck_contact_timeout_follows'), f'timeout_follows IN {FOLLOWS}')


def downgrade():
    for table, columns in (
        ('contact', ('idle_warned_at', 'stirred_at', 'idle_policy', 'timeout_follows')),
        ('skill', ('idle_closing', 'idle_warning', 'idle_countdown_seconds', 'idle_seconds', 'idle_enabled')),
        ('point_of_contact', ('timeout_follows',)),
        ('tenant', ('timeout_follows',)),
    ):
        with op.batch_alter_table(table) as batch:
            for name in CHECKS[table]:
                batch.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
            for column in columns:
                batch.drop_column(column)
