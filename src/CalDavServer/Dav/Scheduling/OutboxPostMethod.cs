using CalDavServer.Dav.Methods;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.FreeBusy;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;

namespace CalDavServer.Dav.Scheduling;

/// <summary>POST on the scheduling outbox (RFC 6638 §5): asks for the busy times of people of the same practice group. Nothing else is sent from here.</summary>
internal sealed class OutboxPostMethod : IMethod
{
    /// <summary>Bytes of an answer after which nobody's times are added: it is sent as a whole.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    public string Name => "POST";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        if (request.Http.Request.ContentType?.Split(';')[0].Trim().Equals("text/calendar", StringComparison.OrdinalIgnoreCase) is not true)
            return DavError.Forbidden(DavNames.C("supported-calendar-data"), "A scheduling message is text/calendar.");
        var body = await request.ReadBodyAsync(DavLimits.ObjectBytes);
        if (body is null) return DavError.Forbidden(DavNames.C("max-resource-size"), "The scheduling message is too large.");
        if (!CalendarObject.TryParse(body.Value, out var message, out var problem))
            return DavError.Forbidden(DavNames.C("valid-calendar-data"), $"Line {problem.LineNumber}: {problem.Reason}");
        if (FreeBusyRequest.TryRead(message, out var asked) is { } error) return error;

        var known = await ResourceResolver.ListKnownAsync(request.Caller, request.Snapshot);
        if (Find(asked!.Organizer, known, request)?.Id != request.Caller.Principal.Id)
            return DavError.Forbidden(DavNames.C("organizer-allowed"), "The organizer is not an address of the owner of this outbox.");

        using var xml = new XmlUtf8Writer();
        xml.Root(DavNames.C("schedule-response"));
        var allowance = new ExpansionAllowance(request.Cancelled);
        foreach (var attendee in asked.Attendees) await AnswerAsync(xml, request, asked, attendee, Find(attendee, known, request), allowance);
        xml.Close(DavNames.C("schedule-response"));
        await xml.SendAsync(request);
        return null;
    }

    // RFC 6638 §10.2: one C:response for each recipient
    private static async ValueTask AnswerAsync(XmlUtf8Writer xml, DavRequest request, FreeBusyRequest asked, ContentLine attendee, Principal? principal, ExpansionAllowance allowance)
    {
        xml.Raw("<C:response><C:recipient>"u8);
        xml.Href(attendee.RawValue);
        xml.Raw("</C:recipient>"u8);
        if (principal is null)
        {
            xml.Raw("<C:request-status>3.7;Invalid calendar user</C:request-status></C:response>"u8);
            return;
        }

        var times = new BusyTimes(asked.Range.Start, asked.Range.End);
        if (xml.Length < MaxBytes) await BusyTimeReader.ReadHomeAsync(request.Snapshot, principal, asked.Range, times, allowance, asked.MaskUid);
        if (xml.Length >= MaxBytes || allowance.Exhausted || times.TooMany)
        {
            xml.Raw("<C:request-status>5.1;Service unavailable</C:request-status></C:response>"u8);
            return;
        }

        var reply = FreeBusyComponent.Create(
            times.ToList(), asked.Range.Start, asked.Range.End, request.Clock.GetCurrentInstant(), "REPLY", asked.Uid, asked.Organizer, attendee);
        xml.Raw("<C:request-status>2.0;Success</C:request-status><C:calendar-data>"u8);
        xml.TextUtf8(reply.ToBytes());
        xml.Raw("</C:calendar-data></C:response>"u8);
    }

    // A calendar user address (RFC 6638 §2.4.1): mailto, urn:uuid, or the path or URL of a principal. Apple's clients send each of them.
    private static Principal? Find(ContentLine user, IReadOnlyList<Principal> known, DavRequest request)
    {
        var address = user.RawValue.Trim();
        foreach (var principal in known)
        {
            if (ResourceResolver.OfPrincipal(principal, request.Caller) is not null && IsAddressOf(address, principal)) return principal;
        }

        return null;
    }

    private static bool IsAddressOf(string address, Principal principal)
    {
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return Uri.UnescapeDataString(address["mailto:".Length..]).Equals(principal.Email, StringComparison.OrdinalIgnoreCase);
        if (address.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) return address.Equals(ResourceId.Of(principal), StringComparison.OrdinalIgnoreCase);
        var path = address.StartsWith('/') ? address : Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.AbsolutePath : "";
        return path.TrimEnd('/') == PrincipalProperties.HrefOf(principal).TrimEnd('/');
    }
}
