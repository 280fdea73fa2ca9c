import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='When, by the clock of the computer that wrote it.')),
                ('who', models.CharField(max_length=100)),
                ('what', models.CharField(help_text='As group.created.', max_length=60)),
                ('why', models.TextField(blank=True, help_text='May be empty where a note speaks for itself.')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject', models.CharField(help_text="The subject's own code.", max_length=120)),
                ('detail', models.JSONField(default=dict, help_text='What changed: plain values.')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['subject_kind', 'subject', 'id'], name='event_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('who', ''), _negated=True), name='event_has_who'), models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='event_has_what'), models.CheckConstraint(condition=models.Q(('what', 'note.added'), models.Q(('why', ''), _negated=True), _connector='OR'), name='event_has_why'), models.CheckConstraint(condition=models.Q(('subject_kind__in', ('group', 'setting', 'note')), models.Q(('subject', ''), _negated=True)), name='event_has_subject')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Made from its first name.', max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('federation', 'Federation'), ('locality', 'Locality'), ('partnership', 'Partnership'), ('other', 'Another group')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('opened_on', models.DateField(help_text='First day.')),
                ('closed_on', models.DateField(blank=True, help_text='First day it is no more.', null=True)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
            ],
            options={
                'ordering': ('name', 'code'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalGroup',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(db_index=True, help_text='Made from its first name.', max_length=60)),
                ('kind', models.CharField(choices=[('federation', 'Federation'), ('locality', 'Locality'), ('partnership', 'Partnership'), ('other', 'Another group')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('opened_on', models.DateField(help_text='First day.')),
                ('closed_on', models.DateField(blank=True, help_text='First day it is no more.', null=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
            ],
            options={
                'verbose_name': 'historical group',
                'verbose_name_plural': 'historical groups',
                'db_table': 'records_group_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalNote',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=20)),
                ('organisation', models.CharField(help_text="ODS code, or a group's own code.", max_length=60)),
                ('measure', models.CharField(blank=True, help_text='Empty: all of it.', max_length=120)),
                ('text', models.TextField()),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_why', models.TextField(blank=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
            ],
            options={
                'verbose_name': 'historical note',
                'verbose_name_plural': 'historical notes',
                'db_table': 'records_note_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSetting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('organisation', models.CharField(blank=True, help_text='Empty: the house.', max_length=60)),
                ('period', models.CharField(blank=True, help_text='Period code; empty: any.', max_length=25)),
                ('value', models.JSONField(help_text='Whole number, flag or text; money is text.', null=True)),
                ('history_user_id', models.CharField(max_length=100)),
                ('history_change_reason', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('event', models.ForeignKey(blank=True, db_constraint=False, help_text='The last event that changed it; serves as its version.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.event')),
            ],
            options={
                'verbose_name': 'historical setting',
                'verbose_name_plural': 'historical settings',
                'db_table': 'records_setting_history',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('practice_code', models.CharField(help_text='ODS code.', max_length=6)),
                ('joined_on', models.DateField(help_text='First day.')),
                ('left_on', models.DateField(blank=True, help_text='First day it is not a member.', null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='records.group')),
                ('joined_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
                ('left_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
            ],
            options={
                'ordering': ('group', 'practice_code', 'joined_on'),
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('organisation', models.CharField(help_text="ODS code, or a group's own code.", max_length=60)),
                ('measure', models.CharField(blank=True, help_text='Empty: all of it.', max_length=120)),
                ('text', models.TextField()),
                ('by', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=100)),
                ('withdrawn_why', models.TextField(blank=True)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
            ],
            options={
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('organisation', models.CharField(blank=True, help_text='Empty: the house.', max_length=60)),
                ('period', models.CharField(blank=True, help_text='Period code; empty: any.', max_length=25)),
                ('value', models.JSONField(help_text='Whole number, flag or text; money is text.', null=True)),
                ('event', models.ForeignKey(help_text='The last event that changed it; serves as its version.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.event')),
            ],
            options={
                'ordering': ('name', 'organisation', 'period'),
            },
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.CheckConstraint(condition=models.Q(('code__startswith', 'g-'), models.Q(('code', 'g-'), _negated=True)), name='group_code'),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='group_has_name'),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['federation', 'locality', 'partnership', 'other'])), name='group_kind'),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='group_dates'),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('closed_on', None)), name='group_one_open_by_a_name'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('practice_code__regex', '^[A-Z][0-9]{5}$')), name='membership_ods_code'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_by', None), ('left_on', None)), models.Q(('left_by__isnull', False), ('left_on__gte', models.F('joined_on')), ('left_on__isnull', False)), _connector='OR'), name='membership_ends_whole'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('group', 'practice_code'), name='membership_one_open'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['organisation', 'measure'], name='note_subject'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('code__startswith', 'n-'), models.Q(('organisation', ''), _negated=True), models.Q(('text', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='note_whole'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', ''), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_by', ''), _negated=True), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='note_withdrawn_whole'),
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='setting_has_name'),
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.UniqueConstraint(fields=('name', 'organisation', 'period'), name='setting_one_value'),
        ),
    ]
