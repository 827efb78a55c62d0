"""The reader's clock: a letter is written later, and still in the customer's own zone and way to write times."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('mail') as batch:
        batch.add_column(sa.Column('zone', sa.String(64), nullable=False, server_default='UTC'))
        batch.add_column(sa.Column('locale', sa.String(20), nullable=False, server_default=''))


def downgrade():
    with op.batch_alter_table('mail') as batch:
        batch.drop_column('locale')
        batch.drop_column('zone')
