using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using CalDavServer.Metrics;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Http.Features;
using Practice.Diaries;

namespace CalDavServer.Web.Calendar;

/// <summary>
/// Tells an open calendar page that something in its diaries has changed: not what, it asks for that itself (server-sent events of the HTML
/// standard). A stream ends when the session does, and when the server stops.
/// </summary>
internal sealed class DiaryEvents(DiaryWatch watch, PracticeDiaries diaries, Sessions sessions, ServerMetrics metrics, IHostApplicationLifetime lifetime)
{
    private const int MostOfPerson = 10;
    private const int MostDiaries = 8;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SessionCheck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, int> _open = new();

    /// <summary>Streams changes until the page is closed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="practitioners">Whose diaries the page shows.</param>
    /// <param name="since">The state of the diaries that the page shows; null or unreadable if the page does not say.</param>
    public async Task AnswerAsync(HttpContext context, IReadOnlyList<string> practitioners, string? since)
    {
        var person = Person.Of(context);
        if (practitioners.Count is 0 or > MostDiaries || !await MayFollowAsync(person, practitioners, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var id = person.Principal.Id;
        try
        {
            if (_open.AddOrUpdate(id, 1, static (_, count) => count + 1) > MostOfPerson) context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            else await StreamAsync(context, practitioners, since);
        }
        finally
        {
            _open.AddOrUpdate(id, 0, static (_, count) => count - 1);
        }
    }

    private async Task StreamAsync(HttpContext context, IReadOnlyList<string> practitioners, string? since)
    {
        using var counted = metrics.Stream();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            using var subscription = await watch.SubscribeAsync(practitioners, () => changes.Writer.TryWrite(true), ended.Token);
            await WriteAsync(context, "retry: 3000\n\n", ended.Token);
            if (await IsBehindAsync(practitioners, since, ended.Token)) await WriteAsync(context, "event: changed\ndata:\n\n", ended.Token);
            await FollowAsync(context, changes.Reader, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // the page was closed, or the server stops
        }
    }

    private async Task FollowAsync(HttpContext context, ChannelReader<bool> changes, CancellationToken ended)
    {
        var quiet = TimeSpan.Zero;
        while (true)
        {
            var changed = await ChangedAsync(changes, ended);
            if (!await sessions.IsStillSignedInAsync(context.User, ended)) return;
            quiet += SessionCheck;
            if (changed)
            {
                // a device sends what it has gathered in many requests: one event for all that come at once
                await Task.Delay(Gather, ended);
                changes.TryRead(out _);
                await WriteAsync(context, "event: changed\ndata:\n\n", ended);
                quiet = TimeSpan.Zero;
            }
            else if (quiet >= Heartbeat)
            {
                await WriteAsync(context, ":\n\n", ended);
                quiet = TimeSpan.Zero;
            }
        }
    }

    /// <summary>Waits for a change, until it is time to look at the session.</summary>
    private static async Task<bool> ChangedAsync(ChannelReader<bool> changes, CancellationToken ended)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(ended);
        waited.CancelAfter(SessionCheck);
        try
        {
            return await changes.ReadAsync(waited.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether something has changed between the page and this stream.</summary>
    private async Task<bool> IsBehindAsync(IReadOnlyList<string> practitioners, string? since, CancellationToken cancelled)
    {
        if (!long.TryParse(since, CultureInfo.InvariantCulture, out var state)) return false;
        return await watch.StateAsync(practitioners, cancelled) != state;
    }

    private async Task<bool> MayFollowAsync(Person person, IReadOnlyList<string> practitioners, CancellationToken cancelled)
    {
        foreach (var id in practitioners)
        {
            if (await diaries.FindPractitionerAsync(person.Principal, id, cancelled) is null) return false;
        }

        return true;
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken ended)
    {
        await context.Response.WriteAsync(text, ended);
        await context.Response.Body.FlushAsync(ended);
    }
}
