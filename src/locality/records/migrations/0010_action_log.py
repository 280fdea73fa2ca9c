"""The action log and calendar feeds."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

from locality.records.triggers import append_only


def lay(apps, schema_editor):
    for subject in ("action", "feed"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_checklists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('what', models.CharField(max_length=300)),
                ('origin_kind', models.CharField(choices=[('none', 'Nothing in particular'), ('body', 'A meeting of a body'), ('scoring', 'A scoring'), ('checklist', 'A checklist'), ('criteria set', 'A set of criteria'), ('mark', 'What is known of a signal'), ('request', 'A request'), ('feedback', 'Feedback'), ('rule', 'A number that was entered')], max_length=20)),
                ('origin', models.CharField(blank=True, help_text='Its code or reference.', max_length=60)),
                ('organisation', models.CharField(blank=True, help_text='For which, by code.', max_length=60)),
                ('due_on', models.DateField(verbose_name='day it is due')),
                ('first_due', models.DateField(help_text='The day it was first due.')),
                ('moved', models.PositiveSmallIntegerField(default=0, help_text='How often its day was moved.')),
                ('state', models.CharField(choices=[('open', 'Open'), ('in progress', 'In progress'), ('done', 'Done'), ('dropped', 'Dropped')], max_length=20)),
                ('evidence', models.TextField(blank=True, help_text='What shows that it is done.')),
                ('done_on', models.DateField(blank=True, null=True)),
                ('done_by', models.CharField(blank=True, max_length=100)),
                ('dropped_why', models.TextField(blank=True)),
                ('accountable', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers_for', to='records.person')),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='records.body')),
                ('depends_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds_up', to='records.action')),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owns', to='records.person')),
            ],
            options={
                'ordering': ('due_on', 'id'),
                'indexes': [models.Index(fields=['state', 'due_on'], name='action_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reference__startswith', 'A-'), models.Q(('what', ''), _negated=True), ('state__in', ['open', 'in progress', 'done', 'dropped']), ('origin_kind__in', ['none', 'body', 'scoring', 'checklist', 'criteria set', 'mark', 'request', 'feedback', 'rule'])), name='action_whole'), models.CheckConstraint(condition=models.Q(models.Q(('origin', ''), ('origin_kind', 'none')), models.Q(models.Q(('origin_kind', 'none'), _negated=True), models.Q(('origin', ''), _negated=True)), _connector='OR'), name='action_origin_whole'), models.CheckConstraint(condition=models.Q(models.Q(('done_on__isnull', False), ('dropped_why', ''), ('state', 'done'), models.Q(('evidence', ''), _negated=True), models.Q(('done_by', ''), _negated=True)), models.Q(('done_by', ''), ('done_on', None), ('evidence', ''), ('state', 'dropped'), models.Q(('dropped_why', ''), _negated=True)), models.Q(('done_by', ''), ('done_on', None), ('dropped_why', ''), ('evidence', ''), ('state__in', ('open', 'in progress'))), _connector='OR'), name='action_ends_whole'), models.CheckConstraint(condition=models.Q(('depends_on', None), models.Q(('depends_on__isnull', False), models.Q(('depends_on', models.F('id')), _negated=True)), _connector='OR'), name='action_not_held_up_by_itself'), models.CheckConstraint(condition=models.Q(('moved', 0), models.Q(('first_due__isnull', False), ('moved__gt', 0)), _connector='OR'), name='action_moved')],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='records.person')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__startswith', 'f-'), ('token_hash__regex', '^[0-9a-f]{64}$')), name='calendarfeed_whole'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', ''), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='calendarfeed_ended_whole'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='calendarfeed_one')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAction',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=20)),
                ('what', models.CharField(max_length=300)),
                ('origin_kind', models.CharField(choices=[('none', 'Nothing in particular'), ('body', 'A meeting of a body'), ('scoring', 'A scoring'), ('checklist', 'A checklist'), ('criteria set', 'A set of criteria'), ('mark', 'What is known of a signal'), ('request', 'A request'), ('feedback', 'Feedback'), ('rule', 'A number that was entered')], max_length=20)),
                ('origin', models.CharField(blank=True, help_text='Its code or reference.', max_length=60)),
                ('organisation', models.CharField(blank=True, help_text='For which, by code.', max_length=60)),
                ('due_on', models.DateField(verbose_name='day it is due')),
                ('first_due', models.DateField(help_text='The day it was first due.')),
                ('moved', models.PositiveSmallIntegerField(default=0, help_text='How often its day was moved.')),
                ('state', models.CharField(choices=[('open', 'Open'), ('in progress', 'In progress'), ('done', 'Done'), ('dropped', 'Dropped')], max_length=20)),
                ('evidence', models.TextField(blank=True, help_text='What shows that it is done.')),
                ('done_on', models.DateField(blank=True, null=True)),
                ('done_by', models.CharField(blank=True, max_length=100)),
                ('dropped_why', models.TextField(blank=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('accountable', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
                ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.body')),
                ('depends_on', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.action')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
            ],
            options={
                'verbose_name': 'historical action',
                'verbose_name_plural': 'historical actions',
                'db_table': 'records_action_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [],
                'constraints': [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalFeed',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('ended_why', models.TextField(blank=True)),
                ('code', models.CharField(db_index=True, max_length=20)),
                ('token_hash', models.CharField(db_index=True, max_length=64)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
            ],
            options={
                'verbose_name': 'historical feed',
                'verbose_name_plural': 'historical feeds',
                'db_table': 'records_feed_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [],
                'constraints': [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(lay),
    ]
