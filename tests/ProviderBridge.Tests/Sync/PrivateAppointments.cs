using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>Private appointments of a practitioner with a link, and what is outside of them.</summary>
internal static class PrivateAppointments
{
    public static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);
    public static readonly string[] Words = ["zebratitle", "zebranotes", "zebraplace", "zebracategory", "zebralarm", "zebraguest"];

    public static (string Text, Component Event) Only(LinkFixture link)
    {
        var content = Assert.Single(link.Outside.Events.Values).Content;
        return (LinkItem.Text(content).Replace("\r\n ", "", StringComparison.Ordinal), content.Calendar.Components.First(one => one.Name == "VEVENT"));
    }

    public static async Task<LinkView> ShownToAsync(LinkFixture link, string uid, string linkId)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = await link.HxAsync();
        return HxCalendar.ShowLink((await snapshot.FindObjectAsync(hx.Id, (await snapshot.FindRowByUidAsync(hx.Id, uid))!.Name))!, linkId, PrivacyLevel.FullName);
    }

    /// <summary>A device of the practitioner's.</summary>
    public static async Task PutAsync(LinkFixture link, string uid, LocalDateTime? start = null, bool isPrivate = true, string? rule = null, string? single = null)
    {
        var at = start ?? Tuesday;
        string Time(LocalDateTime local) => local.ToString("uuuuMMdd'T'HHmmss", null);
        var (repeat, fourth) = (rule is null ? "" : $"RRULE:{rule}\r\n", at.PlusWeeks(3));
        var other = single is null ? "" : $"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:{Time(fourth)}\r\nDTSTART;TZID=Australia/Melbourne:{Time(fourth)}\r\nDTEND;TZID=Australia/Melbourne:{Time(fourth.PlusMinutes(30))}\r\nSUMMARY:{single}\r\n{(isPrivate ? "CLASS:PRIVATE\r\n" : "")}END:VEVENT\r\n";
        var text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Australia/Melbourne:{Time(at)}\r\nDTEND;TZID=Australia/Melbourne:{Time(at.PlusMinutes(30))}\r\n{repeat}SUMMARY:zebratitle\r\n"
            + $"DESCRIPTION:zebranotes\r\nLOCATION:zebraplace\r\nCATEGORIES:zebracategory\r\nATTENDEE:mailto:zebraguest@example.com\r\n{(isPrivate ? "CLASS:CONFIDENTIAL\r\n" : "")}BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:zebralarm\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n{other}END:VCALENDAR\r\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        var name = (await link.ItemAsync(uid))?.HxName ?? $"{uid}.ics";
        var outcome = await new ExternalChanges(link.Store, link.Clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(
            link.Practitioner, name, new ExternalOrigin("d1", "Phone", PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), uid)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.IsType<ExternalApplied>(outcome);
        link.Clock.Now += Duration.FromMinutes(1);
    }

    public static async Task QuietAsync(LinkFixture link)
    {
        for (var n = 0; n < 2; n++)
        {
            await link.PassAsync();
            link.Clock.Now += Duration.FromMinutes(1);
        }

        var (writes, deletes, change) = (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change);
        await link.PassAsync();
        Assert.Equal((writes, deletes, change), (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change));
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }
}
