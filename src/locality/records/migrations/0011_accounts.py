"""Accounts, their passwords, roles and visits."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

from locality.records.triggers import append_only


def lay(apps, schema_editor):
    for subject in ("account", "grant"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_action_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('username', models.CharField(help_text='Small letters.', max_length=60, unique=True)),
                ('issuer', models.CharField(blank=True, help_text='Who vouches for them.', max_length=200)),
                ('subject', models.CharField(blank=True, help_text='Who they are there.', max_length=255)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='records.person')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__startswith', 'acc-'), ('username__regex', '^[a-z0-9][a-z0-9._@-]*$'), models.Q(('by', ''), _negated=True)), name='account_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', ''), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='account_ended_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('issuer', ''), ('subject', '')), models.Q(models.Q(('issuer', ''), _negated=True), models.Q(('subject', ''), _negated=True)), _connector='OR'), name='account_linked_whole'),
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='account_one_a_person'),
                    models.UniqueConstraint(condition=models.Q(('ended_at', None), models.Q(('issuer', ''), _negated=True)), fields=('issuer', 'subject'), name='account_one_a_subject'),
                ],
                'ordering': ('username',),
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name_mark', models.CharField(max_length=64)),
                ('address_mark', models.CharField(max_length=64)),
                ('failed', models.BooleanField(help_text='So it stands until the password was right.')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['name_mark', 'at'], name='attempt_by_name'), models.Index(fields=['address_mark', 'at'], name='attempt_by_address')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('role', models.CharField(choices=[('practice', 'Practice'), ('network', 'Network, federation or neighbourhood'), ('commissioner', 'Commissioner'), ('governance', 'Governance lead'), ('analyst', 'Analyst'), ('administrator', 'Administrator')], max_length=20)),
                ('organisation', models.CharField(blank=True, help_text='Empty: everywhere.', max_length=60)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='records.account')),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__startswith', 'grant-'), models.Q(('by', ''), _negated=True), ('role__in', ['practice', 'network', 'commissioner', 'governance', 'analyst', 'administrator'])), name='grant_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('role__in', ('practice', 'network')), models.Q(('organisation', ''), _negated=True)), models.Q(('organisation', ''), ('role__in', ('governance', 'analyst', 'administrator'))), ('role', 'commissioner'), _connector='OR'), name='grant_in_its_place'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', ''), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='grant_ended_whole'),
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account', 'role', 'organisation'), name='grant_once_at_a_time'),
                ],
                'ordering': ('account', 'role', 'organisation', 'id'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalAccount',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(db_index=True, max_length=20)),
                ('username', models.CharField(db_index=True, help_text='Small letters.', max_length=60)),
                ('issuer', models.CharField(blank=True, help_text='Who vouches for them.', max_length=200)),
                ('subject', models.CharField(blank=True, help_text='Who they are there.', max_length=255)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
            ],
            options={
                'verbose_name': 'historical account',
                'verbose_name_plural': 'historical accounts',
                'db_table': 'records_account_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalGrant',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(db_index=True, max_length=20)),
                ('role', models.CharField(choices=[('practice', 'Practice'), ('network', 'Network, federation or neighbourhood'), ('commissioner', 'Commissioner'), ('governance', 'Governance lead'), ('analyst', 'Analyst'), ('administrator', 'Administrator')], max_length=20)),
                ('organisation', models.CharField(blank=True, help_text='Empty: everywhere.', max_length=60)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('account', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.account')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
            ],
            options={
                'verbose_name': 'historical grant',
                'verbose_name_plural': 'historical grants',
                'db_table': 'records_grant_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('how', models.CharField(choices=[('password', 'Password'), ('openid', "Organisation's sign-in"), ('demonstration', 'Demonstration')], max_length=20)),
                ('browser', models.CharField(blank=True, help_text='In plain words.', max_length=60)),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(help_text='Written every few minutes at most.')),
                ('idle_at', models.DateTimeField(help_text='When it ends, unless a page is asked for before.')),
                ('ends_at', models.DateTimeField(help_text='When it ends in any case.')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='records.account')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('key_hash__regex', '^[0-9a-f]{64}$'), ('how__in', ['password', 'openid', 'demonstration']), ('ends_at__gt', models.F('began_at'))), name='visit_whole'),
                ],
                'ordering': ('-seen_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Password',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='password', serialize=False, to='records.account')),
                ('hash', models.CharField(blank=True, max_length=256)),
                ('set_at', models.DateTimeField()),
                ('must_change', models.BooleanField()),
                ('holds_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('hash', ''), ('hash__contains', '$'), _connector='OR'), name='password_is_a_hash'), models.CheckConstraint(condition=models.Q(models.Q(('holds_until__isnull', False), ('must_change', True)), models.Q(('holds_until', None), ('must_change', False)), _connector='OR'), name='password_given_holds_until')],
            },
        ),
        # There is no way back: a log that can be unlocked is not a log.
        migrations.RunPython(lay),
    ]
