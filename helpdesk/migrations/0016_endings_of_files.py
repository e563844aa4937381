"""Which endings of files are taken."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0015_relations"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="allowed_endings",
            field=models.TextField(
                blank=True,
                max_length=2000,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[\\w\\s,;.*-]*\\Z", "Write endings like “exe” and “bat”, with spaces between them."
                    )
                ],
                verbose_name="the only endings of files that are taken",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="blocked_endings",
            field=models.TextField(
                blank=True,
                default="ade adp apk app appx appxbundle bat cab chm cmd com cpl diagcab dll dmg exe gadget hta img ins inf iso isp jar jnlp js jse lib lnk mde msc msi msix msixbundle msp mst nsh pif ps1 psm1 reg scf scr sct settingcontent-ms shb sys url vb vbe vbs vhd vhdx vxd wsc wsf wsh xll",
                max_length=2000,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[\\w\\s,;.*-]*\\Z", "Write endings like “exe” and “bat”, with spaces between them."
                    )
                ],
                verbose_name="endings of files that are not taken",
            ),
        ),
    ]
