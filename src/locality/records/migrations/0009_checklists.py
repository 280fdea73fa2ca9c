import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

from locality.records.triggers import append_only


def lay(apps, schema_editor):
    for subject in ("checklist", "rater", "answer"):
        append_only(schema_editor, f"records_{subject}_history", key="history_id")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_scoring'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checklist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('template', models.CharField(max_length=60)),
                ('template_version', models.PositiveIntegerField()),
                ('template_hash', models.CharField(max_length=64)),
                ('template_content', models.JSONField(help_text='The questions as they were asked.')),
                ('title', models.CharField(max_length=160)),
                ('about_kind', models.CharField(choices=[('organisation', 'An organisation'), ('body', 'A body'), ('proposal', 'A proposal'), ('scoring', 'A scoring'), ('decision', 'A decision')], max_length=20)),
                ('about', models.CharField(help_text='Its code or reference.', max_length=60)),
                ('year', models.PositiveSmallIntegerField(help_text='Calendar year in which it was begun.')),
                ('anonymous', models.BooleanField(help_text='Whether answers are shown as counts alone.')),
                ('state', models.CharField(choices=[('open', 'Being filled in'), ('complete', 'Complete'), ('reviewed', 'Reviewed'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('review_on', models.DateField(blank=True, help_text='When it is looked at again.', null=True)),
                ('left_open_why', models.TextField(blank=True, help_text='Why items were left without answer.')),
                ('withdrawn_why', models.TextField(blank=True)),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checklists', to='records.body')),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='records.checklist')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checklists', to='records.person')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['about_kind', 'about'], name='checklist_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reference__startswith', 'K-'), models.Q(('template', ''), _negated=True), ('template_version__gte', 1), models.Q(('template_hash', ''), _negated=True), models.Q(('title', ''), _negated=True), models.Q(('about', ''), _negated=True), ('about_kind__in', ['organisation', 'body', 'proposal', 'scoring', 'decision']), ('state__in', ['open', 'complete', 'reviewed', 'withdrawn'])), name='checklist_whole'), models.CheckConstraint(condition=models.Q(models.Q(('review_on', None), ('state', 'open')), models.Q(('review_on__isnull', False), ('state__in', ('complete', 'reviewed'))), ('state', 'withdrawn'), _connector='OR'), name='checklist_reviewed_on'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), models.Q(('withdrawn_why', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_why', '')), _connector='OR'), name='checklist_withdrawn_whole'), models.CheckConstraint(condition=models.Q(models.Q(('about_kind', 'body'), _negated=True), ('body__isnull', False), _connector='OR'), name='checklist_about_a_body'), models.UniqueConstraint(condition=models.Q(('anonymous', True), models.Q(('state', 'withdrawn'), _negated=True)), fields=('body', 'template', 'year'), name='checklist_one_pulse_a_year'), models.UniqueConstraint(condition=models.Q(('follows__isnull', False), models.Q(('state', 'withdrawn'), _negated=True)), fields=('follows',), name='checklist_followed_once')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalChecklist',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=20)),
                ('template', models.CharField(max_length=60)),
                ('template_version', models.PositiveIntegerField()),
                ('template_hash', models.CharField(max_length=64)),
                ('template_content', models.JSONField(help_text='The questions as they were asked.')),
                ('title', models.CharField(max_length=160)),
                ('about_kind', models.CharField(choices=[('organisation', 'An organisation'), ('body', 'A body'), ('proposal', 'A proposal'), ('scoring', 'A scoring'), ('decision', 'A decision')], max_length=20)),
                ('about', models.CharField(help_text='Its code or reference.', max_length=60)),
                ('year', models.PositiveSmallIntegerField(help_text='Calendar year in which it was begun.')),
                ('anonymous', models.BooleanField(help_text='Whether answers are shown as counts alone.')),
                ('state', models.CharField(choices=[('open', 'Being filled in'), ('complete', 'Complete'), ('reviewed', 'Reviewed'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('review_on', models.DateField(blank=True, help_text='When it is looked at again.', null=True)),
                ('left_open_why', models.TextField(blank=True, help_text='Why items were left without answer.')),
                ('withdrawn_why', models.TextField(blank=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.body')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('follows', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.checklist')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
            ],
            options={
                'verbose_name': 'historical checklist',
                'verbose_name_plural': 'historical checklists',
                'db_table': 'records_checklist_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRater',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('side', models.CharField(blank=True, max_length=40)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('excused_why', models.TextField(blank=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checklist', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.checklist')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
            ],
            options={
                'verbose_name': 'historical rater',
                'verbose_name_plural': 'historical raters',
                'db_table': 'records_rater_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Rater',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(blank=True, max_length=40)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('excused_why', models.TextField(blank=True)),
                ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='raters', to='records.checklist')),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rated', to='records.person')),
            ],
            options={
                'ordering': ('checklist', 'side', 'id'),
                'constraints': [models.UniqueConstraint(fields=('checklist', 'person'), name='rater_once'), models.CheckConstraint(condition=models.Q(('finished_at', None), models.Q(('excused_why', ''), ('finished_at__isnull', False)), _connector='OR'), name='rater_done_or_excused')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAnswer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('item', models.CharField(max_length=60)),
                ('value', models.JSONField(blank=True, null=True)),
                ('applies', models.BooleanField(verbose_name='whether it applies')),
                ('words', models.TextField(blank=True)),
                ('evidence', models.TextField(blank=True)),
                ('computed', models.BooleanField(verbose_name='whether it was worked out')),
                ('computed_value', models.JSONField(blank=True, null=True)),
                ('computed_from', models.TextField(blank=True)),
                ('data_version', models.CharField(blank=True, max_length=120)),
                ('overruled_why', models.TextField(blank=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checklist', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.checklist')),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person')),
                ('rater', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: the answer of all together.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.rater')),
            ],
            options={
                'verbose_name': 'historical answer',
                'verbose_name_plural': 'historical answers',
                'db_table': 'records_answer_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=60)),
                ('value', models.JSONField(blank=True, null=True)),
                ('applies', models.BooleanField(verbose_name='whether it applies')),
                ('words', models.TextField(blank=True)),
                ('evidence', models.TextField(blank=True)),
                ('computed', models.BooleanField(verbose_name='whether it was worked out')),
                ('computed_value', models.JSONField(blank=True, null=True)),
                ('computed_from', models.TextField(blank=True)),
                ('data_version', models.CharField(blank=True, max_length=120)),
                ('overruled_why', models.TextField(blank=True)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.person')),
                ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='records.checklist')),
                ('rater', models.ForeignKey(blank=True, help_text='Empty: the answer of all together.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='records.rater')),
            ],
            options={
                'ordering': ('checklist', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('rater__isnull', False)), fields=('rater', 'item'), name='answer_one_a_rater'), models.UniqueConstraint(condition=models.Q(('rater', None)), fields=('checklist', 'item'), name='answer_one_together'), models.CheckConstraint(condition=models.Q(models.Q(('item', ''), _negated=True), models.Q(('applies', True), models.Q(('value__isnull', True), models.Q(('words', ''), _negated=True)), _connector='OR')), name='answer_whole'), models.CheckConstraint(condition=models.Q(models.Q(('computed', False), ('computed_from', ''), ('computed_value__isnull', True), ('data_version', ''), ('overruled_why', '')), models.Q(models.Q(('computed_from', ''), _negated=True), models.Q(('data_version', ''), _negated=True), models.Q(models.Q(('computed', False), ('computed_value__isnull', True), ('overruled_why', '')), models.Q(('computed', True), ('computed_value__isnull', False), ('overruled_why', ''), ('value__isnull', False)), models.Q(('computed', False), ('computed_value__isnull', False), models.Q(('overruled_why', ''), _negated=True)), _connector='OR')), _connector='OR'), name='answer_computed_whole')],
            },
        ),
        migrations.RunPython(lay),
    ]
