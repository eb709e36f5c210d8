namespace Sandbox.Google.Channels;

/// <summary>channels.stop: id and resourceId must both be right (§A4).</summary>
public static class ChannelsStop
{
    public static readonly GoogleMethod Method = new("calendar.channels.stop", "POST", "channels/stop", Handle, [], Shapes.Channel);

    private static Reply Handle(GoogleCall call)
    {
        var id = (string?)call.Body["id"];
        var resource = (string?)call.Body["resourceId"];
        var hook = call.Store.Hooks.FindById(id ?? "");
        if (hook is null || hook.Resource != resource || hook.Account != call.Grant.Account || hook.Client != call.Grant.Client)
            throw new GoogleException(404, "notFound", $"Channel '{id}' not found for project");
        call.Store.Hooks.Delete(hook.Id);
        return new Reply(204);
    }
}
